using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Spreads packets over CPUs from now on, or no more. Answered by <see cref="PacketsSpread"/> or
/// <see cref="KernelUnavailable"/>, after which all is as before.
/// </summary>
/// <param name="Wish">Over which.</param>
public sealed record SpreadPackets(SpreadWish Wish);

/// <summary>Packets are spread as was asked for.</summary>
public sealed record PacketsSpread;

/// <summary>How packets are spread over CPUs, and whether that loses some.</summary>
/// <param name="Use">As it is now.</param>
/// <param name="Lately">Packets that a full queue has cost for certain between the last two self-checks.</param>
public sealed record SpreadPressure(SpreadUse Use, long Lately);
