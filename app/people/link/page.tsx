import type { Metadata } from "next";
import { FollowLink } from "./follow-link";

export const metadata: Metadata = { title: "Personal link" };

export default function LinkPage() {
  return <FollowLink />;
}
