namespace Lb.Kernel;

/// <summary>The reading end of the flow log. One thread waits and reads; any may wake it.</summary>
public interface IFlowLog : IDisposable
{
    /// <summary>Waits until there may be an event, somebody wakes it, or the time is over.</summary>
    /// <param name="longest">The time.</param>
    void Wait(TimeSpan longest);

    /// <summary>Ends the wait, or the next one when nobody waits.</summary>
    void Wake();

    /// <summary>Takes events out, the oldest first.</summary>
    /// <param name="into">What is called for each.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>How many there were.</returns>
    int Read(Action<FlowEvent> into, int most);

    /// <summary>Counters of the flow log, summed over the CPUs.</summary>
    FlowLogCounts ReadCounts();
}
