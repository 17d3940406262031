namespace Lb.Actors;

/// <summary>What other nodes keep a sweep from doing to slots.</summary>
/// <param name="slots">How many slots there are.</param>
internal sealed class SlotLimits(int slots)
{
    private readonly bool[] _keepsMoved = new bool[slots];
    private readonly bool[] _keepsOver = new bool[slots];
    private bool _keepsAll;

    /// <summary>Unknown flows of the slot may not count as new yet: some node has older ones.</summary>
    public bool KeepsMoved(int slot) => _keepsAll || _keepsMoved[slot];

    /// <summary>The slot may not become clean yet: some node sends unknown flows elsewhere, or has flows elsewhere.</summary>
    public bool KeepsOver(int slot) => _keepsAll || _keepsOver[slot];

    /// <summary>Nothing may change.</summary>
    public void KeepAll() => _keepsAll = true;

    /// <summary>A node that is there says this.</summary>
    public void Add(SlotReport report)
    {
        foreach (SlotRun run in report.Runs)
        {
            if (run.State.Busy)
            {
                Mark(_keepsMoved, run);
            }

            if (run.State.Busy || run.State.Step == SlotStep.Moved)
            {
                Mark(_keepsOver, run);
            }
        }
    }

    /// <summary>A node that is gone said this: its flows may be any node's.</summary>
    public void AddLost(SlotReport report)
    {
        foreach (SlotRun run in report.Runs)
        {
            if (run.State.Busy)
            {
                Mark(_keepsMoved, run);
                Mark(_keepsOver, run);
            }
        }
    }

    private void Mark(bool[] marks, SlotRun run) =>
        marks.AsSpan(Math.Min(run.Start, slots), Math.Min(run.Length, Math.Max(slots - run.Start, 0))).Fill(true);
}
