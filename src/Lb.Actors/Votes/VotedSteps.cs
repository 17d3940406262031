using Lb.Kernel;

namespace Lb.Actors;

/// <summary>How backends of a service come up.</summary>
/// <param name="Duration">How long one takes to have its whole weight; zero: it has it at once.</param>
/// <param name="Told">The steps of <see cref="SlowStart"/> that the service goes by.</param>
internal sealed record VotedSteps(TimeSpan Duration, IReadOnlyDictionary<Endpoint, byte> Told)
{
    /// <summary>At once.</summary>
    public static readonly VotedSteps None = new(TimeSpan.Zero, new Dictionary<Endpoint, byte>());
}
