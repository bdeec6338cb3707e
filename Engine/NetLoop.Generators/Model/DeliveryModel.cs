namespace NetLoop.Generators.Model;

/// <summary>How a message is sent when the call does not say so.</summary>
/// <param name="Delivery">The number of the delivery.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Key">The expression of the conflation key, of type long; null for none.</param>
internal sealed record DeliveryModel(int Delivery, int Channel, string? Key);
