/** The part of smartcrop that `smartcrop.ts` calls; what it ships describes a browser's canvas. */
declare module "smartcrop" {
  interface Picture {
    readonly width: number;
    readonly height: number;
    /** four bytes a pixel */
    readonly data: Uint8Array;
  }

  interface Operations {
    open(picture: Picture): Promise<Picture>;
    resample(picture: Picture, width: number, height: number): Promise<Picture>;
    getData(picture: Picture): Promise<Picture>;
  }

  interface Options {
    /** only their ratio counts */
    readonly width: number;
    readonly height: number;
    readonly imageOperations: Operations;
    /** reduce the picture first */
    readonly prescale: boolean;
    /** pixels between two places that are tried */
    readonly step: number;
    /** pixels a side that are judged as one */
    readonly scoreDownSample: number;
  }

  interface Result {
    /** null where no place could be judged */
    readonly topCrop: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    } | null;
  }

  const smartcrop: { crop(picture: Picture, options: Options): Promise<Result> };
  export default smartcrop;
}
