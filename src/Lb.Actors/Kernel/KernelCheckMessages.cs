using System.Collections.Immutable;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// Reads everything back from the kernel now and changes nothing. Answered by <see cref="KernelChecked"/> or
/// <see cref="KernelUnavailable"/>.
/// </summary>
public sealed record CheckKernel;

/// <summary>The same, and what differs is repaired.</summary>
public sealed record RepairKernel;

/// <summary>What a self-check found.</summary>
/// <param name="Differences">What differed, in words.</param>
/// <param name="Repairs">What was done about it; empty for a mere check.</param>
/// <param name="Unrepaired">What could not be repaired, with the reason; it is tried again at each check.</param>
/// <param name="Took">How long it took.</param>
public sealed record KernelChecked(
    ImmutableArray<string> Differences,
    ImmutableArray<string> Repairs,
    ImmutableArray<string> Unrepaired,
    TimeSpan Took);

/// <summary>The kernel cannot be asked.</summary>
/// <param name="Reason">Why.</param>
public sealed record KernelUnavailable(string Reason);

/// <summary>
/// Published on the event stream when the kernel did not hold what was written. It is repaired, as far as it can be.
/// </summary>
/// <param name="Differences">What differed, in words.</param>
/// <param name="Repairs">What repaired it.</param>
public sealed record KernelDrifted(ImmutableArray<string> Differences, ImmutableArray<string> Repairs);

/// <summary>Asks about the maps. Answered by <see cref="KernelMaps"/> or <see cref="KernelUnavailable"/>.</summary>
public sealed record GetKernelMaps;

/// <summary>The maps of the site.</summary>
/// <param name="Maps">Each with its use.</param>
public sealed record KernelMaps(ImmutableArray<MapUse> Maps);
