using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Lb.Actors.Tests;

/// <summary>Carries messages between nodes of one process, as long as it is told to.</summary>
internal sealed class PeerBus
{
    private readonly ConcurrentDictionary<string, Action<string, ReadOnlyMemory<byte>>> _nodes = new(StringComparer.Ordinal);

    /// <summary>Messages are lost.</summary>
    public volatile bool IsBroken;

    public IConfigPeers Of(string name) => new Peers(this, name);

    private sealed class Peers(PeerBus bus, string name) : IConfigPeers
    {
        public string Self => name;

        public ImmutableArray<string> Others => [.. bus._nodes.Keys.Where(other => other != name)];

        public void Listen(Action<string, ReadOnlyMemory<byte>> heard) => bus._nodes[name] = heard;

        public void Send(string to, ReadOnlyMemory<byte> message)
        {
            if (!bus.IsBroken && bus._nodes.TryGetValue(to, out var heard))
            {
                heard(name, message);
            }
        }
    }
}
