using Akka.Actor;

namespace Lb.Actors;

/// <summary>
/// Children by key, each with a name that the key determines: one that is wanted again while its predecessor is
/// still stopping is started when that has ended.
/// </summary>
/// <remarks>Part of one actor, which must pass on the <see cref="Terminated"/> of its children.</remarks>
internal sealed class ChildSet<TKey>(Func<IActorContext> context, Func<TKey, string> name, Func<TKey, Props> props)
    where TKey : notnull
{
    private readonly Dictionary<TKey, IActorRef> _running = [];
    private readonly HashSet<TKey> _wanted = [];

    /// <summary>Children that run and are to run.</summary>
    public IReadOnlyDictionary<TKey, IActorRef> Running => _running;

    /// <summary>Stops children until only wanted ones are left, and starts those that are missing.</summary>
    public void Set(IReadOnlyCollection<TKey> wanted)
    {
        _wanted.Clear();
        _wanted.UnionWith(wanted);
        foreach ((TKey key, IActorRef child) in _running.Where(running => !_wanted.Contains(running.Key)).ToArray())
        {
            _running.Remove(key);
            context().Stop(child);
        }

        StartMissing();
    }

    /// <summary>A child has ended: by being stopped, or by a failure that its supervisor did not restart.</summary>
    public void OnTerminated(IActorRef child)
    {
        OnEnded(child);
        StartMissing();
    }

    /// <summary>A child has ended, and starts again with the next <see cref="Set"/>.</summary>
    public void OnEnded(IActorRef child)
    {
        foreach (TKey key in _running.Where(running => running.Value.Equals(child)).Select(r => r.Key).ToArray())
        {
            _running.Remove(key);
        }
    }

    private void StartMissing()
    {
        foreach (TKey key in _wanted.Where(key => !_running.ContainsKey(key)))
        {
            string path = Uri.EscapeDataString(name(key));
            if (context().Child(path).IsNobody())
            {
                _running.Add(key, context().Watch(context().ActorOf(props(key), path)));
            }
        }
    }
}
