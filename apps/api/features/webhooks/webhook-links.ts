/** Makes the addresses that senders deliver to. They come from configuration, never from a request's `Host`. */
export class WebhookLinks {
  constructor(private readonly publicUrl: string) {}

  urlOf(webhookId: string): string {
    return `${this.publicUrl.replace(/\/+$/, '')}/hooks/${encodeURIComponent(webhookId)}`;
  }
}
