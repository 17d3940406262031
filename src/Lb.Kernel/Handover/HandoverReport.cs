namespace Lb.Kernel;

/// <summary>What one process handed to the next.</summary>
/// <param name="Listeners">Listeners: clients that connected meanwhile wait in their backlogs.</param>
/// <param name="Connections">Relayed connections that live on.</param>
/// <param name="Left">Relayed connections that could not be handed over and were reset.</param>
public sealed record HandoverReport(int Listeners, int Connections, int Left);
