using System.Threading.Channels;
using Akka.Actor;
using Xunit;

namespace Akka.Subset.Tests.Support;

/// <summary>An actor that keeps what it gets for the test to look at.</summary>
public sealed class Probe
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Channel<Envelope> _received = Channel.CreateUnbounded<Envelope>();

    public Probe(ActorSystem system)
    {
        var writer = _received.Writer;
        Ref = system.ActorOf(Props.Create(() => new Keeper(writer)));
    }

    public IActorRef Ref { get; }

    /// <summary>The sender of the message expected last.</summary>
    public IActorRef Sender { get; private set; } = ActorRefs.Nobody;

    /// <summary>Returns the next message, which must be of the type.</summary>
    public async Task<T> Expect<T>()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var envelope = await _received.Reader.ReadAsync(deadline.Token);
        Sender = envelope.Sender;
        return Assert.IsAssignableFrom<T>(envelope.Message);
    }

    /// <summary>Requires the next message to equal <paramref name="message"/>.</summary>
    public async Task Expect<T>(T message) => Assert.Equal(message, await Expect<T>());

    /// <summary>
    /// Requires that nothing has come. What is on its way must have been sent by now by actors that have handled
    /// all they got: a mark sent behind it is then the next to arrive.
    /// </summary>
    public async Task ExpectNothing()
    {
        var mark = new object();
        Ref.Tell(mark, ActorRefs.NoSender);
        Assert.Same(mark, await Expect<object>());
    }

    /// <summary>Watches an actor; its end comes as <see cref="Terminated"/>.</summary>
    public async Task Watch(IActorRef actor)
    {
        await Ref.Ask<Done>(new WatchRequest(actor), Deadline);
    }

    /// <summary>Watches an actor no more.</summary>
    public async Task Unwatch(IActorRef actor)
    {
        await Ref.Ask<Done>(new UnwatchRequest(actor), Deadline);
    }

    public async Task<Terminated> ExpectTerminated(IActorRef actor)
    {
        var terminated = await Expect<Terminated>();
        Assert.Equal(actor, terminated.ActorRef);
        return terminated;
    }

    private sealed record WatchRequest(IActorRef Actor);

    private sealed record UnwatchRequest(IActorRef Actor);

    private sealed class Keeper(ChannelWriter<Envelope> writer) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case WatchRequest watch:
                    Context.Watch(watch.Actor);
                    Sender.Tell(Done.Instance);
                    break;
                case UnwatchRequest unwatch:
                    Context.Unwatch(unwatch.Actor);
                    Sender.Tell(Done.Instance);
                    break;
                default:
                    writer.TryWrite(new Envelope(message, Sender));
                    break;
            }
        }
    }
}
