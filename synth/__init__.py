"""Images that Wetread makes itself: phantoms of a whole examination with lesions of known place and size."""
