using System.Collections.Immutable;
using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in the vote on backends: stands between it and the services.</summary>
public sealed partial class SiteActor
{
    private readonly IActorRef _votes;
    private ImmutableArray<string> _apart = [];

    private static IActorRef StartVotes(SiteContext context) => context.Voters is { } voters
        ? Context.ActorOf(Akka.Actor.Props.Create(() => new VotesActor(context, voters)), "votes")
        : ActorRefs.Nobody;

    private void ReceiveVotes()
    {
        Receive<VotesReady>(_ => _services.Tell(new TellVotes()));
        Receive<ToVotes>(_votes.Forward);
        Receive<GetVotes>(OnGetVotes);
        Receive<TablesApart>(apart => _apart = apart.Services);
        Receive<RepairService>(OnRepair);
    }

    private void OnRepair(RepairService repair)
    {
        if (repair.LacksConfig && _context.Shared is not null)
        {
            _config.Tell(new JournalReread());
        }

        _services.Tell(repair);
    }

    private void OnGetVotes(GetVotes get)
    {
        if (_context.Voters is null)
        {
            Sender.Tell(new NoVotes());
        }
        else
        {
            _votes.Forward(get);
        }
    }
}
