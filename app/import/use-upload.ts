"use client";
import { useEffect, useRef, useState } from "react";

export interface Uploaded {
  id: string;
  name: string;
  bytes: number;
}

export type UploadState =
  | { kind: "none" }
  | { kind: "sending"; name: string; sent: number; bytes: number; perSecond: number }
  | { kind: "failed"; message: string };

/** Send a file to the server as it is read from the disk, with progress. XMLHttpRequest, because fetch tells no progress of uploads. */
export function useUpload(onDone: (file: Uploaded) => void): {
  state: UploadState;
  send: (file: File) => void;
  stop: () => void;
} {
  const [state, setState] = useState<UploadState>({ kind: "none" });
  const request = useRef<XMLHttpRequest | null>(null);
  useEffect(() => () => request.current?.abort(), []);

  const send = (file: File) => {
    request.current?.abort();
    const xhr = new XMLHttpRequest();
    request.current = xhr;
    const began = performance.now();
    const failed = (message: string) => setState({ kind: "failed", message });
    setState({ kind: "sending", name: file.name, sent: 0, bytes: file.size, perSecond: 0 });
    xhr.upload.addEventListener("progress", (e) => {
      const seconds = (performance.now() - began) / 1000;
      setState({ kind: "sending", name: file.name, sent: e.loaded, bytes: file.size, perSecond: e.loaded / Math.max(0.2, seconds) });
    });
    xhr.addEventListener("load", () => {
      const answer = xhr.response as Partial<Uploaded> & { message?: string } | null;
      if (xhr.status === 201 && answer?.id !== undefined) {
        setState({ kind: "none" });
        onDone({ id: answer.id, name: answer.name ?? file.name, bytes: answer.bytes ?? file.size });
      } else failed(answer?.message ?? `The server did not take ${file.name} (status ${xhr.status}).`);
    });
    xhr.addEventListener("error", () => failed(`The connection broke before ${file.name} was there; choose it again.`));
    xhr.addEventListener("abort", () => setState({ kind: "none" }));
    xhr.open("POST", `/api/import/upload?name=${encodeURIComponent(file.name)}`);
    xhr.responseType = "json";
    xhr.setRequestHeader("content-type", "application/octet-stream");
    xhr.send(file);
  };
  return { state, send, stop: () => request.current?.abort() };
}
