namespace Lb.Kernel;

/// <summary>
/// The reading end of the news of flows: of entries that the program makes. One thread waits and reads; any may wake it.
/// </summary>
public interface IFlowNews : IDisposable
{
    /// <summary>Waits until there may be news, somebody wakes it, or the time is over.</summary>
    /// <param name="longest">The time.</param>
    void Wait(TimeSpan longest);

    /// <summary>Ends the wait, or the next one when nobody waits.</summary>
    void Wake();

    /// <summary>Takes news out, the oldest first.</summary>
    /// <param name="into">What is called for each.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>How many there were.</returns>
    int Read(Action<FlowNews> into, int most);

    /// <summary>Counters of the news, summed over the CPUs.</summary>
    FlowNewsCounts ReadCounts();
}
