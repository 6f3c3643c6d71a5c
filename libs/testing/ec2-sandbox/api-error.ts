/** An error as the service would answer it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}
