import type { ComponentProps } from "react";

/** In place of Next's link (server/usecases/publishing/reader.ts): here every page is a part of one document. */
export default function Link({ prefetch: _, ...rest }: ComponentProps<"a"> & { prefetch?: boolean }) {
  return <a {...rest} />;
}
