using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Event;

namespace Lb.Host.Metrics;

/// <summary>Counts messages that were for actors that are no more.</summary>
internal sealed class DeadLetterCounter : ReceiveActor
{
    private readonly Counter<long> _counter;

    public DeadLetterCounter(Counter<long> counter)
    {
        _counter = counter;
        Receive<DeadLetter>(_ => _counter.Add(1));
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DeadLetter));
        // From now on there is a value, so that the first one is an increase.
        _counter.Add(0);
    }

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);
}
