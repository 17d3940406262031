using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in limits that nodes share.</summary>
public sealed partial class SiteActor
{
    private readonly IActorRef _slices;

    private static IActorRef StartSlices(SiteContext context) => context.Slices is { } slices
        ? Context.ActorOf(Akka.Actor.Props.Create(() => new SlicesActor(context, slices)), "limits")
        : ActorRefs.Nobody;

    private void ReceiveSlices()
    {
        Receive<GetSlices>(get => ToSlices(get, new NoSlices()));
        Receive<ReturnSlices>(wanted => ToSlices(wanted, new SlicesReturned(Done: true)));
        Receive<EndRelays>(_relays.Tell);
    }

    private void ToSlices(object question, object answerOfOneAlone)
    {
        if (_context.Slices is null)
        {
            Sender.Tell(answerOfOneAlone);
        }
        else
        {
            _slices.Forward(question);
        }
    }
}
