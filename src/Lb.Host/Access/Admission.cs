using System.Security.Claims;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Host.Running;
using Microsoft.AspNetCore.Http;

namespace Lb.Host.Access;

/// <summary>
/// Says who is let in: whoever shows a token of the site (RFC 6750), and, where a listener allows something without one,
/// whoever shows none. A token that does not hold is refused everywhere.
/// </summary>
internal sealed class Admission(SiteClient site, TimeProvider clock)
{
    private const string Bearer = "Bearer ";

    private static readonly CommandProblem NoToken = new(
        StatusCodes.Status401Unauthorized,
        "unauthorized",
        "this needs a token",
        "an admin makes one with 'pbm token add'; pbm takes it from PBM_TOKEN or --token-file");

    /// <summary>Who is let in, or why nobody is.</summary>
    /// <exception cref="Akka.Actor.AskTimeoutException">The actors do not answer.</exception>
    public async Task<(ClaimsPrincipal? Caller, CommandProblem Problem)> DecideAsync(HttpContext http, CancellationToken stop)
    {
        string header = http.Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            AccessRole role = http.Features.Get<ApiListener>()?.Role ?? AccessRole.None;
            return (role == AccessRole.None ? null : Caller.Principal(null, role), NoToken);
        }

        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || BearerToken.Parse(header[Bearer.Length..].Trim()) is not { } shown)
        {
            return Refuse("the Authorization header has no token of Lb", "send 'Authorization: Bearer lb_…'");
        }

        object answer = await site.AskAsync(new GetTokens(), stop);
        if (answer is not TokenBook book)
        {
            return (null, new CommandProblem(
                StatusCodes.Status503ServiceUnavailable,
                "journal",
                $"tokens are not known yet: {(answer as ConfigUnavailable)?.Reason}",
                "use pbm on the host itself, without a token, until the journal works"));
        }

        return book.Find(shown.Id) is not { } token || !shown.Matches(token.Hash)
            ? Refuse($"the token {shown} is unknown or was revoked", "ask an admin for another one")
            : token.HasExpired(clock.GetUtcNow())
            ? Refuse($"the token {token.Name} has expired at {token.Expires:u}", "ask an admin for another one")
            : (Caller.Principal(token.Name, token.Role), NoToken);
    }

    private static (ClaimsPrincipal? Caller, CommandProblem Problem) Refuse(string problem, string mend) =>
        (null, NoToken with { Detail = problem, Mend = mend });
}
