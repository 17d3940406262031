using Akka.Actor;

namespace Lb.Actors;

/// <summary>One of the journals that a site has.</summary>
/// <param name="Id">Its persistence id.</param>
/// <param name="Worker">What reads and writes it.</param>
internal sealed record JournalKind(string Id, Func<JournalStart, Props> Worker)
{
    /// <summary>The site's config.</summary>
    public static JournalKind Config(SiteContext context, string site, JournalPlace place) => new(
        ConfigActor.IdOf(place), start => Props.Create(() => new ConfigActor(context, site, start)));

    /// <summary>The tokens of its API.</summary>
    public static JournalKind Tokens(JournalPlace place) => new(
        TokensActor.IdOf(place), start => Props.Create(() => new TokensActor(start)));
}
