namespace Lb.Kernel;

/// <summary>The reply side of nat.</summary>
public partial class LoadedDatapath
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<Endpoint, NatEntry> ReadNat() => _nat.Read();

    /// <inheritdoc/>
    public void WriteNat(Endpoint backend, NatEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        RequireTc(entry.Flags.HasFlag(NatFlags.Tc));
        _nat.Write(backend, entry);
    }

    /// <inheritdoc/>
    public void DeleteNat(Endpoint backend) => _nat.Delete(backend);

    /// <inheritdoc/>
    public IReadOnlySet<Endpoint> ReadNatRanges() => _nat.ReadRanges();

    /// <inheritdoc/>
    public void WriteNatRanges(IReadOnlySet<Endpoint> backends) => _nat.WriteRanges(backends);
}
