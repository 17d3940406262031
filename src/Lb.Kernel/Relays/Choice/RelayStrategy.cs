namespace Lb.Kernel.Relays;

/// <summary>A rule by which the backend of a new connection is chosen. It keeps nothing: load is read of the backends.</summary>
internal abstract class RelayStrategy
{
    /// <summary>The backend; null when all are excluded.</summary>
    /// <param name="candidates">The backends and their weights.</param>
    /// <param name="excluded">Which of them may not be taken.</param>
    /// <param name="slot">Slot of the flow.</param>
    /// <param name="dice">Random numbers.</param>
    public abstract RelayBackend? Choose(
        RelayCandidates candidates, in RelayExclusion excluded, uint slot, ref RelayDice dice);

    /// <summary>The rule of a setting.</summary>
    public static RelayStrategy Of(RelayBalance balance) => balance switch
    {
        RelayBalance.LeastConnections => LeastConnectionsStrategy.Instance,
        RelayBalance.TwoChoices => TwoChoicesStrategy.ByConnections,
        RelayBalance.PeakEwma => TwoChoicesStrategy.ByLatency,
        _ => MaglevStrategy.Instance,
    };
}
