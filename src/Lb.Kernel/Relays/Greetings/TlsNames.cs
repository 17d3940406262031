using System.Collections.Immutable;

namespace Lb.Kernel.Relays;

/// <summary>
/// Which backends of a table are for which TLS clients. A client's name picks the backends that have it, or else those with
/// the longest wildcard over it, or else those without names; of these, the protocols that it offers pick in its order.
/// </summary>
internal sealed class TlsNames
{
    private readonly Dictionary<string, TlsPool> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TlsPool> _wildcards = new(StringComparer.Ordinal);
    private readonly TlsPool _default;

    private TlsNames(int numbers) => _default = new TlsPool(numbers);

    /// <summary>Those of a table; null where it has none.</summary>
    public static TlsNames? Of(RelayTable table)
    {
        if (table.Tls.IsEmpty)
        {
            return null;
        }

        int numbers = table.Backends.IsEmpty ? 0 : (int)table.Backends.Keys.Max() + 1;
        HashSet<uint> used = [.. table.Slots.Select(slot => slot.Current)];
        TlsNames names = new(numbers);
        foreach ((uint id, Endpoint socket) in table.Backends)
        {
            TlsMatch match = table.Tls.GetValueOrDefault(socket, TlsMatch.Any);
            foreach (TlsPool pool in match.Names.IsEmpty ? [names._default] : match.Names.Select(n => names.Pool(n, numbers)))
            {
                pool.Add(id, match.Alpn, used.Contains(id));
            }
        }

        return names;
    }

    /// <summary>The backends for a client.</summary>
    /// <param name="hello">What it asks for.</param>
    /// <param name="rejection">Why there are none.</param>
    public RelayCandidates? Choose(ClientHello hello, out RelayRejection rejection)
    {
        TlsPool pool = Find(hello.Name);
        RelayCandidates? chosen = pool.Choose(hello.Protocols);
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

    private TlsPool Pool(string name, int numbers)
    {
        bool wild = name.StartsWith("*.", StringComparison.Ordinal);
        Dictionary<string, TlsPool> pools = wild ? _wildcards : _names;
        string key = wild ? name[2..] : name;
        if (!pools.TryGetValue(key, out TlsPool? pool))
        {
            pools.Add(key, pool = new TlsPool(numbers));
        }

        return pool;
    }
}

/// <summary>The backends of one name.</summary>
internal sealed class TlsPool(int numbers)
{
    private readonly Dictionary<string, RelayCandidates> _byProtocol = new(StringComparer.Ordinal);
    private readonly RelayCandidates _others = new(numbers);
    private bool _hasOthers;

    public bool IsEmpty => !_hasOthers && _byProtocol.Count == 0;

    /// <summary>Adds a backend.</summary>
    /// <param name="id">Its number.</param>
    /// <param name="protocols">Protocols that it is for; without any it is for all clients.</param>
    /// <param name="used">It has slots: one without is known, so that its clients do not go to others, but never chosen.</param>
    public void Add(uint id, ImmutableArray<string> protocols, bool used)
    {
        foreach (string protocol in protocols)
        {
            if (!_byProtocol.TryGetValue(protocol, out RelayCandidates? candidates))
            {
                _byProtocol.Add(protocol, candidates = new RelayCandidates(numbers) { Protocol = protocol });
            }

            Add(candidates, id, used);
        }

        if (protocols.IsEmpty)
        {
            _hasOthers = true;
            Add(_others, id, used);
        }
    }

    /// <summary>Those of the first protocol that a client offers and one is for; else those that are for all clients.</summary>
    public RelayCandidates? Choose(string[] offered)
    {
        foreach (string protocol in offered)
        {
            if (_byProtocol.TryGetValue(protocol, out RelayCandidates? candidates))
            {
                return candidates;
            }
        }

        return _hasOthers ? _others : null;
    }

    private static void Add(RelayCandidates candidates, uint id, bool used)
    {
        if (used)
        {
            candidates.Add(id);
        }
    }
}
