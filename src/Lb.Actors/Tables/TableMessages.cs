using System.Collections.Immutable;

namespace Lb.Actors;

/// <summary>The table is taken over from the kernel, or there is none; the parent says what is to be built.</summary>
/// <param name="Held">What the kernel holds.</param>
internal sealed record TableReady(DesiredService? Held);

/// <summary>Builds the generation of a state.</summary>
/// <param name="State">Config and pool.</param>
/// <param name="Course">Its modes.</param>
/// <param name="Causes">What has happened to it.</param>
internal sealed record BuildTable(ServiceState State, ModeCourse Course, ImmutableArray<TableCause> Causes);

/// <summary>A generation holds from now on, and was sent to the kernel. Also after a sweep.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="History">What led to it.</param>
internal sealed record GenerationBuilt(Generation Generation, TableHistory History);

/// <summary>Sends the kernel bridge again what is desired: it has lost it.</summary>
internal sealed record ResendService;

/// <summary>Takes over slots as other nodes have them.</summary>
/// <param name="Revision">The revision that was compared; a younger one makes it void.</param>
/// <param name="Changes">What changes.</param>
internal sealed record TakeSlots(long Revision, ImmutableArray<SlotChange> Changes);

/// <summary>Reply to <see cref="TakeSlots"/>.</summary>
/// <param name="Done">It was done, and not void.</param>
internal sealed record SlotsTaken(bool Done);

/// <summary>Notes what a sweep found.</summary>
/// <param name="Revision">The revision that was swept; a younger one makes the findings void.</param>
/// <param name="Clean">Slots that become clean.</param>
/// <param name="WindowOver">UDP slots whose window is over.</param>
internal sealed record SettleSlots(long Revision, ImmutableArray<int> Clean, ImmutableArray<int> WindowOver);
