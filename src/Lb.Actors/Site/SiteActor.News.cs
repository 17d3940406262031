using Akka.Actor;

namespace Lb.Actors;

/// <summary>The site's part in telling other nodes which config it goes by, and in hearing which they go by.</summary>
public sealed partial class SiteActor
{
    private readonly IActorRef _news;
    private long _configNumber;
    private long _tokensNumber;

    private static IActorRef StartNews(SiteContext context) => context.Shared?.Peers is { } peers
        ? Context.ActorOf(Akka.Actor.Props.Create(() => new ConfigNewsActor(context, peers)), "news")
        : ActorRefs.Nobody;

    private void ReceiveNews()
    {
        Receive<ConfigHeard>(OnHeard);
        Receive<GetConfigNodes>(OnGetNodes);
    }

    private void OnHeard(ConfigHeard heard)
    {
        ConfigHello hello = heard.Hello;
        _config.Tell(new JournalHeard(hello.Number));
        _tokenDesk.Tell(new JournalHeard(hello.Tokens));
        if (hello.Number == _configNumber && hello.LastId != (_state?.LastId ?? Guid.Empty) && hello.Revision > 0 && Revision > 0)
        {
            // One of the two has read a copy of the journal that is no more.
            _config.Tell(new JournalReread());
        }
    }

    private void TellNews()
    {
        if (_context.Shared is not null)
        {
            _news.Tell(new TellConfig(new ConfigHello(
                Revision,
                _configNumber,
                _state?.LastId ?? Guid.Empty,
                _tokensNumber,
                IsAway: _journalProblem is not null,
                HasOtherFile: !OtherFile().IsEmpty)));
        }
    }

    private void OnGetNodes(GetConfigNodes get)
    {
        if (_context.Shared is null)
        {
            Sender.Tell(new ConfigNodes(null, []));
        }
        else
        {
            _news.Forward(get);
        }
    }
}
