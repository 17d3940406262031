namespace Lb.Kernel;

/// <summary>How many flows are tracked, and some of them.</summary>
/// <param name="All">Entries of all services.</param>
/// <param name="Matching">Entries of the service that was asked for, or of all.</param>
/// <param name="Pending">Of those that match, flows of which only the SYN was seen.</param>
/// <param name="Flows">Some of those that match, in no order.</param>
public sealed record FlowSample(long All, long Matching, long Pending, IReadOnlyList<FlowRecord> Flows);
