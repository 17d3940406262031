namespace Lb.Kernel.Datapath;

/// <summary>Counts flows as they pass by, and keeps the first ones that are asked for.</summary>
internal sealed class FlowSampler(uint? service, int limit)
{
    private readonly List<FlowRecord> _kept = [];
    private long _all;
    private long _matching;
    private long _pending;

    /// <summary>Counts a flow; true when it is to be kept.</summary>
    public bool Takes(uint serviceId, bool pending)
    {
        _all++;
        if (service is { } wanted && wanted != serviceId)
        {
            return false;
        }

        _matching++;
        _pending += pending ? 1 : 0;
        return _kept.Count < limit;
    }

    public void Add(FlowRecord flow) => _kept.Add(flow);

    public FlowSample ToSample() => new(_all, _matching, _pending, _kept);
}
