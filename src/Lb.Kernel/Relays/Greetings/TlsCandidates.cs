namespace Lb.Kernel.Relays;

/// <summary>Backends that a TLS client may be given, of those that take new connections.</summary>
internal sealed class TlsCandidates
{
    private readonly HashSet<RelayBackend> _backends = [];

    /// <summary>The protocol that they were chosen by; null for none.</summary>
    public string? Protocol { get; init; }

    /// <summary>There are none, so that looking for one is of no use.</summary>
    public bool IsEmpty => _backends.Count == 0;

    public bool Has(RelayBackend backend) => _backends.Contains(backend);

    public void Add(RelayBackend backend) => _backends.Add(backend);
}
