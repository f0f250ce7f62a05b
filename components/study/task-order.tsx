import type { ReactNode } from "react";
import { Button } from "../ui/button";
import { Message } from "../ui/message";
import { Section } from "../ui/section";

/** An order for long work: a form beside what it would come to, and the button that asks for it. */
export function TaskOrder(props: {
  title: string;
  about: string;
  form: { title: string; content: ReactNode };
  /** What the form comes to; content: null while it is read. */
  preview: { title: string; content: ReactNode; error: string | null };
  button: { words: string; disabled: boolean; onClick: () => void };
  order: { isPending: boolean; isSuccess: boolean; error: { message: string } | null };
}) {
  const { form, preview, button, order } = props;
  return (
    <>
      <div>
        <h1 className="text-2xl">{props.title}</h1>
        <p className="mt-1 max-w-prose text-soft">{props.about}</p>
      </div>
      <div className="grid gap-x-12 gap-y-12 lg:grid-cols-2">
        <Section title={form.title}>{form.content}</Section>
        <Section title={preview.title}>
          {preview.error === null ? (
            (preview.content ?? <p className="text-faint">Reading…</p>)
          ) : (
            <Message tone="error">{preview.error}</Message>
          )}
          <div className="mt-6 flex flex-wrap items-center gap-4">
            <Button disabled={order.isPending || preview.error !== null || button.disabled} onClick={button.onClick}>
              {button.words}
            </Button>
            {order.isSuccess && !order.isPending && (
              <p role="status" className="text-sm text-faint">
                Asked for: see below.
              </p>
            )}
          </div>
          {order.error !== null && (
            <div className="mt-3">
              <Message tone="error">{order.error.message}</Message>
            </div>
          )}
        </Section>
      </div>
    </>
  );
}
