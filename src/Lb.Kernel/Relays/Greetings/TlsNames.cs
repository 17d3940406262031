namespace Lb.Kernel.Relays;

/// <summary>
/// Which backends of a table are for which TLS clients. A client's name picks the backends that have it, or else those with
/// the longest wildcard over it, or else those without names; of these, the protocols that it offers pick in its order.
/// </summary>
internal sealed class TlsNames
{
    private readonly Dictionary<string, TlsPool> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TlsPool> _wildcards = new(StringComparer.Ordinal);
    private readonly TlsPool _default = new();

    private TlsNames()
    {
    }

    /// <summary>Those of a table; null where it has none.</summary>
    /// <param name="table">The table.</param>
    /// <param name="backend">Finds backends.</param>
    public static TlsNames? Of(RelayTable table, Func<Endpoint, RelayBackend> backend)
    {
        if (table.Tls.IsEmpty)
        {
            return null;
        }

        HashSet<uint> used = [.. table.Slots.Select(slot => slot.Current)];
        TlsNames names = new();
        foreach ((uint id, Endpoint socket) in table.Backends)
        {
            TlsMatch match = table.Tls.GetValueOrDefault(socket, TlsMatch.Any);
            foreach (TlsPool pool in match.Names.IsEmpty ? [names._default] : match.Names.Select(names.Pool))
            {
                pool.Add(backend(socket), match.Alpn, used.Contains(id));
            }
        }

        return names;
    }

    /// <summary>The backends for a client.</summary>
    /// <param name="hello">What it asks for.</param>
    /// <param name="rejection">Why there are none.</param>
    public TlsCandidates? Choose(ClientHello hello, out RelayRejection rejection)
    {
        TlsPool pool = Find(hello.Name);
        TlsCandidates? chosen = pool.Choose(hello.Protocols);
        rejection = pool.IsEmpty ? RelayRejection.NoName : RelayRejection.NoProtocol;
        return chosen;
    }

    private TlsPool Find(string? name)
    {
        if (name is null)
        {
            return _default;
        }

        if (_names.TryGetValue(name, out TlsPool? exact))
        {
            return exact;
        }

        Dictionary<string, TlsPool>.AlternateLookup<ReadOnlySpan<char>> wildcards =
            _wildcards.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> rest = name;
        for (int dot = rest.IndexOf('.'); dot >= 0; dot = rest.IndexOf('.'))
        {
            rest = rest[(dot + 1)..];
            if (wildcards.TryGetValue(rest, out TlsPool? wild))
            {
                return wild;
            }
        }

        return _default;
    }

    private TlsPool Pool(string name)
    {
        bool wild = name.StartsWith("*.", StringComparison.Ordinal);
        Dictionary<string, TlsPool> pools = wild ? _wildcards : _names;
        string key = wild ? name[2..] : name;
        if (!pools.TryGetValue(key, out TlsPool? pool))
        {
            pools.Add(key, pool = new TlsPool());
        }

        return pool;
    }
}
