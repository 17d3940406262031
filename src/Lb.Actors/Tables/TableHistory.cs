using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>
/// What led to the table that is in force: the causes of the newest generations, and for each slot the generation that
/// gave it its current backend. Bounded: 4 bytes a slot, and <see cref="Kept"/> notes.
/// </summary>
/// <param name="Notes">Newest last.</param>
/// <param name="ChangedAt">
/// By slot, the generation in which it got its current backend; 0 for one that was found so in the kernel.
/// </param>
public sealed record TableHistory(ImmutableArray<GenerationNote> Notes, ImmutableArray<uint> ChangedAt)
{
    /// <summary>How many generations are remembered.</summary>
    public const int Kept = 64;

    /// <summary>How many causes of a generation are remembered: many backends may fail at once.</summary>
    public const int KeptCauses = 16;

    /// <summary>Nothing has happened yet.</summary>
    public static TableHistory Empty { get; } = new([], []);

    /// <summary>The history of a table that was found in the kernel.</summary>
    public static TableHistory Adopt(Generation found, DateTimeOffset when)
    {
        ArgumentNullException.ThrowIfNull(found);
        return new TableHistory(
            [new GenerationNote(found.Desired.Revision, when, 0, [new TableCause.Adopted()])],
            Seal(new uint[found.Table.Slots.Length]));
    }

    /// <summary>The history with another generation.</summary>
    /// <param name="last">The generation so far; null for the first.</param>
    /// <param name="next">The generation from now on.</param>
    /// <param name="when">Now.</param>
    /// <param name="causes">What led to it.</param>
    public TableHistory After(
        Generation? last, Generation next, DateTimeOffset when, ImmutableArray<TableCause> causes)
    {
        ArgumentNullException.ThrowIfNull(next);
        (ImmutableArray<uint> changedAt, int changed) = Mark(last, next);
        ImmutableArray<TableCause> kept = causes.Length > KeptCauses ? causes[..KeptCauses] : causes;
        GenerationNote note = new(next.Desired.Revision, when, changed, kept);
        // Sweeps come in rows and move nothing: one note stands for them.
        bool follows = IsSweep(note) && Notes is [.., var before] && IsSweep(before);
        ImmutableArray<GenerationNote> notes = follows ? Notes.RemoveAt(Notes.Length - 1) : Notes;
        return new TableHistory((notes.Length == Kept ? notes.RemoveAt(0) : notes).Add(note), changedAt);
    }

    /// <summary>
    /// Why a slot has its current backend; null when that is not remembered, or was so before lbd started.
    /// </summary>
    public GenerationNote? Of(int slot) => slot < ChangedAt.Length && ChangedAt[slot] != 0
        ? Notes.FirstOrDefault(note => note.Revision == ChangedAt[slot])
        : null;

    private static bool IsSweep(GenerationNote note) => note.Causes is [TableCause.Swept];

    private (ImmutableArray<uint> ChangedAt, int Changed) Mark(Generation? last, Generation next)
    {
        ReadOnlySpan<Slot> slots = next.Table.Slots.AsSpan();
        ReadOnlySpan<Slot> before = last is null ? [] : last.Table.Slots.AsSpan();
        uint revision = (uint)next.Desired.Revision;
        // A table of another size has other slots: each of them is new.
        bool comparable = before.Length == slots.Length && ChangedAt.Length == slots.Length;
        if (!comparable)
        {
            uint[] anew = new uint[slots.Length];
            Array.Fill(anew, revision);
            return (Seal(anew), anew.Length);
        }

        // Most generations are sweeps, which leave all marks as they are.
        uint[]? marks = null;
        int changed = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            if (before[i].Current != slots[i].Current)
            {
                (marks ??= [.. ChangedAt])[i] = revision;
                changed++;
            }
        }

        return (marks is null ? ChangedAt : Seal(marks), changed);
    }

    private static ImmutableArray<uint> Seal(uint[] marks) => ImmutableCollectionsMarshal.AsImmutableArray(marks);
}
