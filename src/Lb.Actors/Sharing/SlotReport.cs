namespace Lb.Actors;

/// <summary>How far a slot has come since its backend changed.</summary>
internal enum SlotStep : byte
{
    /// <summary>Unknown flows go to the previous backend.</summary>
    Moved = 1,

    /// <summary>Entries are looked up and made, and unknown flows go to the current backend.</summary>
    Over = 2,
}

/// <summary>What a node says of a slot that is not clean.</summary>
/// <param name="Previous">The previous backend, as <see cref="VoteHash"/> numbers it.</param>
/// <param name="Step">How far it has come.</param>
/// <param name="Busy">It has not waited for the flow memory, or a flow is on it that is not at its current backend.</param>
/// <param name="Since">Since when it waits, by the clock of who holds this, in ticks.</param>
internal readonly record struct SlotState(ulong Previous, SlotStep Step, bool Busy, long Since);

/// <summary>Slots in a row that are alike.</summary>
internal readonly record struct SlotRun(int Start, int Length, SlotState State)
{
    /// <summary>The first slot behind it.</summary>
    public int End => Start + Length;
}

/// <summary>What a node says of the slots of a service: those that are not in a run are clean.</summary>
/// <param name="Service">The service, as <see cref="VoteHash"/> numbers it.</param>
/// <param name="Digest">Fingerprint of the assignment.</param>
/// <param name="Slots">How many there are.</param>
/// <param name="Runs">Those that are not clean, in order.</param>
internal sealed record SlotReport(ulong Service, ulong Digest, int Slots, SlotRuns Runs)
{
    /// <summary>The report on a generation.</summary>
    /// <param name="generation">The generation, as the kernel holds it.</param>
    /// <param name="busy">By slot; one that is missing is busy.</param>
    /// <remarks>Times are rounded up to <see cref="ShareTimes.Step"/>: who takes a slot over waits no shorter.</remarks>
    public static SlotReport Of(Generation generation, ReadOnlySpan<bool> busy)
    {
        TableState table = generation.Table;
        ulong[] names = table.Moved == 0 ? [] : Names(generation);
        SlotRuns.Builder runs = new();
        for (int i = 0; i < table.Slots.Length && names.Length > 0; i++)
        {
            Lb.Kernel.Slot slot = table.Slots[i];
            if (slot.IsClean)
            {
                continue;
            }

            SlotState state = new(
                slot.Previous < names.Length ? names[slot.Previous] : 0,
                slot.WindowOver ? SlotStep.Over : SlotStep.Moved,
                i >= busy.Length || busy[i],
                (table.Since[i] + ShareTimes.Step.Ticks - 1) / ShareTimes.Step.Ticks * ShareTimes.Step.Ticks);
            runs.Add(i, 1, state);
        }

        return new SlotReport(VoteHash.Of(generation.Desired.Vip), DigestOf(generation), table.Slots.Length, runs.Build());
    }

    private static ulong[] Names(Generation generation)
    {
        ulong[] names = new ulong[generation.Desired.Backends.Max(b => b.Id) + 1];
        foreach (DesiredBackend backend in generation.Desired.Backends)
        {
            names[backend.Id] = VoteHash.Of(backend.Socket);
        }

        return names;
    }

    /// <summary>A generation's fingerprint as a number.</summary>
    public static ulong DigestOf(Generation generation) => ulong.Parse(
        generation.Digest.AsSpan(0, 16),
        System.Globalization.NumberStyles.HexNumber,
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether both say the same.</summary>
    public bool SaysSame(SlotReport other) =>
        Digest == other.Digest && Slots == other.Slots && Runs.SaysSame(other.Runs);
}
