using Akka.Actor;

namespace Lb.ActorBench.Actors;

/// <summary>A question that anything with a state answers.</summary>
internal sealed record GetCount;

/// <summary>An actor as there are many: a few handlers, a little state of its own, nothing to do.</summary>
internal sealed class Idler : ReceiveActor
{
    /// <summary>Bytes of the state that is its own: one field.</summary>
    public const int StateBytes = sizeof(long);

    private long _count;

    public Idler(CountdownEvent started)
    {
        Receive<int>(OnAdd);
        Receive<string>(OnReset);
        Receive<GetCount>(OnGetCount);
        started.Signal();
    }

    private void OnAdd(int more) => _count += more;

    private void OnReset(string reason) => _count = 0;

    private void OnGetCount(GetCount question) => Sender.Tell(_count);
}
