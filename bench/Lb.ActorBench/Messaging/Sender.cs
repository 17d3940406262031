using Akka.Actor;

namespace Lb.ActorBench.Messaging;

/// <summary>Asks an actor to send so many messages.</summary>
internal sealed record SendMany(IActorRef To, int Messages);

/// <summary>Sends many messages and waits for nothing. It goes on in a turn of its own after each burst.</summary>
internal sealed class Sender : ReceiveActor
{
    private const int Burst = 1000;

    public Sender()
    {
        Receive<SendMany>(OnSendMany);
    }

    private void OnSendMany(SendMany order)
    {
        var burst = Math.Min(Burst, order.Messages);
        for (var i = 0; i < burst; i++)
        {
            order.To.Tell(Tick.Instance);
        }

        if (order.Messages > burst)
        {
            Self.Tell(order with { Messages = order.Messages - burst });
        }
    }
}
