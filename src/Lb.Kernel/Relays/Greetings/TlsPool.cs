using System.Collections.Immutable;

namespace Lb.Kernel.Relays;

/// <summary>The backends of one TLS name.</summary>
internal sealed class TlsPool
{
    private readonly Dictionary<string, TlsCandidates> _byProtocol = new(StringComparer.Ordinal);
    private readonly TlsCandidates _others = new();
    private bool _hasOthers;

    public bool IsEmpty => !_hasOthers && _byProtocol.Count == 0;

    /// <summary>Adds a backend.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="protocols">Protocols that it is for; without any it is for all clients.</param>
    /// <param name="used">
    /// It takes new connections. One that does not is known, so that its clients do not go to others, but never chosen.
    /// </param>
    public void Add(RelayBackend backend, ImmutableArray<string> protocols, bool used)
    {
        foreach (string protocol in protocols)
        {
            if (!_byProtocol.TryGetValue(protocol, out TlsCandidates? candidates))
            {
                _byProtocol.Add(protocol, candidates = new TlsCandidates { Protocol = protocol });
            }

            Add(candidates, backend, used);
        }

        if (protocols.IsEmpty)
        {
            _hasOthers = true;
            Add(_others, backend, used);
        }
    }

    /// <summary>Those of the first protocol that a client offers and one is for; else those that are for all clients.</summary>
    public TlsCandidates? Choose(string[] offered)
    {
        foreach (string protocol in offered)
        {
            if (_byProtocol.TryGetValue(protocol, out TlsCandidates? candidates))
            {
                return candidates;
            }
        }

        return _hasOthers ? _others : null;
    }

    private static void Add(TlsCandidates candidates, RelayBackend backend, bool used)
    {
        if (used)
        {
            candidates.Add(backend);
        }
    }
}
