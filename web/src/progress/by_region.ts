import type { Ability } from "../api/types";

/** Abilities by region; within one, judged ones first, lowest chance first, so that what to practise stands on top. */
export function byRegion(abilities: readonly Ability[]): [string, Ability[]][] {
  const regions = new Map<string, Ability[]>();
  for (const ability of abilities) regions.set(ability.region, [...(regions.get(ability.region) ?? []), ability]);
  const order = (a: Ability, b: Ability) => Number(b.enough) - Number(a.enough) || a.chance.mean - b.chance.mean;
  return [...regions].sort(([a], [b]) => a.localeCompare(b)).map(([region, members]) => [region, members.sort(order)]);
}
