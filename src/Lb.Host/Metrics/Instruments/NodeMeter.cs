using System.Diagnostics.Metrics;
using Lb.Actors;
using Lb.Host.Running;

namespace Lb.Host.Metrics;

/// <summary>The instruments of a node, on a meter of its own.</summary>
internal sealed class NodeMeter : IDisposable
{
    /// <summary>What .NET measures of itself: garbage collection, thread pool, exceptions.</summary>
    public const string Runtime = "System.Runtime";

    private readonly Meter _meter;

    public NodeMeter(SiteObserver observer, NodeState state, AnnouncerBoard announced, SharingBoard shared, SliceBoard limits)
    {
        _meter = new Meter(new MeterOptions(ActorMeter.Name) { Scope = this });
        SiteMeter site = new(_meter, observer);
        NodeInstruments.Add(_meter, observer, state);
        ServiceInstruments.Add(site);
        BackendInstruments.Add(site);
        RelayInstruments.Add(site);
        AnnounceInstruments.Add(_meter, announced);
        ProcessInstruments.Add(_meter);
        MeshInstruments.Add(_meter, state);
        SharingInstruments.Add(_meter, shared);
        LimitInstruments.Add(_meter, limits);
        DeadLetters = _meter.CreateCounter<long>(
            "lb.actor.dead_letters", "{message}", "Messages that were for actors that are no more.");
    }

    /// <summary>Messages that nobody took.</summary>
    public Counter<long> DeadLetters { get; }

    /// <summary>Whether an instrument is this node's or the process's, and not of another node in the process.</summary>
    public bool Has(Instrument instrument) =>
        instrument.Meter.Name is ActorMeter.Name or Runtime
        && (instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, this));

    public void Dispose() => _meter.Dispose();
}
