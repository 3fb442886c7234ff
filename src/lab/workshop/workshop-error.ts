/** The factory or the workshop was asked for something it does not have, or already has. */
export class WorkshopError extends Error {
  override readonly name = 'WorkshopError';
}
