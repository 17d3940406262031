using Lb.Kernel;

namespace Lb.Testing;

/// <summary>The reply side of nat.</summary>
public sealed partial class FakeDatapath
{
    private readonly Dictionary<Endpoint, NatEntry> _nat = [];
    private HashSet<Endpoint> _natRanges = [];

    public IReadOnlyDictionary<Endpoint, NatEntry> ReadNat() =>
        Read(nameof(ReadNat), () => new Dictionary<Endpoint, NatEntry>(_nat));

    public void WriteNat(Endpoint backend, NatEntry entry) => Write(nameof(WriteNat), () => _nat[backend] = entry);

    public void DeleteNat(Endpoint backend) => Write(nameof(DeleteNat), () =>
    {
        Require(!_natRanges.Contains(backend), $"replies still find backend {backend}");
        _nat.Remove(backend);
    });

    public IReadOnlySet<Endpoint> ReadNatRanges() => Read(nameof(ReadNatRanges), () => _natRanges.ToHashSet());

    public void WriteNatRanges(IReadOnlySet<Endpoint> backends) => Write(nameof(WriteNatRanges), () =>
    {
        foreach (Endpoint backend in backends)
        {
            Require(_nat.ContainsKey(backend), $"replies are to find backend {backend}, which is not there");
        }

        _natRanges = [.. backends];
    });

    private NatEntry? ReplyOf(Flow flow)
    {
        Endpoint source = new(flow.Source, flow.SourcePort, flow.Protocol);
        return _nat.GetValueOrDefault(source)
            ?? (RangeRule.Find(_natRanges, flow.Source, flow.SourcePort, flow.Protocol) is { } range
                ? _nat[range] with { Port = flow.SourcePort }
                : null);
    }
}
