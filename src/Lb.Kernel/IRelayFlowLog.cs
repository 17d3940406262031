namespace Lb.Kernel;

/// <summary>The reading end of the flow log of relays. One thread reads.</summary>
public interface IRelayFlowLog
{
    /// <summary>Whether a relay logs, or has logged.</summary>
    bool IsOpen { get; }

    /// <summary>Events that were handed out, or wait.</summary>
    long Written { get; }

    /// <summary>Events that were lost because too many waited.</summary>
    long Lost { get; }

    /// <summary>Is called, on any thread, when many events wait. May be called too often.</summary>
    Action? Crowded { get; set; }

    /// <summary>Takes events out, the oldest first.</summary>
    /// <param name="into">What is called for each.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>How many there were.</returns>
    int Read(Action<RelayFlowEvent> into, int most);
}
