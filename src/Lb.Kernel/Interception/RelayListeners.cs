namespace Lb.Kernel;

/// <summary>
/// Where relays of this process listen, for the program that is to name their sockets. Relays come and go by their own
/// actors, the program by the kernel's.
/// </summary>
public sealed class RelayListeners
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Endpoint, int> _sockets = [];
    private Action<Endpoint, int>? _added;

    /// <summary>A relay listens. Of sockets that share a port any stands for all.</summary>
    internal void Add(Endpoint vip, int socket)
    {
        lock (_lock)
        {
            _sockets[vip] = socket;
            _added?.Invoke(vip, socket);
        }
    }

    /// <summary>A relay is about to close its socket.</summary>
    internal void Remove(Endpoint vip, int socket)
    {
        lock (_lock)
        {
            if (_sockets.GetValueOrDefault(vip, -1) == socket)
            {
                _sockets.Remove(vip);
            }
        }
    }

    /// <summary>Looks at all of them, and hears of those that come later; none is closed meanwhile.</summary>
    internal void Follow(Action<IReadOnlyDictionary<Endpoint, int>> look, Action<Endpoint, int>? added)
    {
        lock (_lock)
        {
            look(_sockets);
            _added = added;
        }
    }

    /// <summary>Looks at all of them; none is closed meanwhile.</summary>
    internal T Look<T>(Func<IReadOnlyDictionary<Endpoint, int>, T> look)
    {
        lock (_lock)
        {
            return look(_sockets);
        }
    }
}
