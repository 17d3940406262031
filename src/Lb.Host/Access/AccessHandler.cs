using System.Text.Encodings.Web;
using Lb.Actors;
using Lb.Host.Api;
using Lb.Host.Running;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Lb.Host.Access;

/// <summary>
/// Lets in whoever shows a token of the site (RFC 6750), and, where a listener allows something without one, whoever
/// shows none. A token that does not hold is refused everywhere.
/// </summary>
internal sealed class AccessHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    SiteClient site,
    DenialLog denials,
    TimeProvider clock) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "Bearer";

    private static readonly CommandProblem NoToken = new(
        StatusCodes.Status401Unauthorized,
        "unauthorized",
        "this needs a token",
        "an admin makes one with 'pbm token add'; pbm takes it from PBM_TOKEN or --token-file");

    private CommandProblem _problem = NoToken;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        string header = Request.Headers.Authorization.ToString();
        if (header.Length == 0)
        {
            AccessRole role = Context.Features.Get<ApiListener>()?.Role ?? AccessRole.None;
            return role == AccessRole.None ? AuthenticateResult.NoResult() : Success(null, role);
        }

        const string Bearer = "Bearer ";
        if (!header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || BearerToken.Parse(header[Bearer.Length..].Trim()) is not { } shown)
        {
            return Refuse("the Authorization header has no token of Lb", "send 'Authorization: Bearer lb_…'");
        }

        object answer = await site.AskAsync(new GetTokens(), Context.RequestAborted);
        if (answer is not TokenBook book)
        {
            _problem = CommandProblem.Of(Commands.CommandContext.Failure(answer));
            return AuthenticateResult.Fail(_problem.Detail);
        }

        DateTimeOffset now = clock.GetUtcNow();
        return book.Find(shown.Id) is not { } token || !shown.Matches(token.Hash)
            ? Refuse($"the token {shown} is unknown or was revoked", "ask an admin for another one")
            : token.HasExpired(now)
            ? Refuse($"the token {token.Name} has expired at {token.Expires:u}", "ask an admin for another one")
            : Success(token.Name, token.Role);
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        denials.Tell(Caller.Address(Context), Request.Path, _problem.Detail);
        if (_problem.Status == StatusCodes.Status401Unauthorized)
        {
            Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"lb\"";
        }

        await _problem.ToResult().ExecuteAsync(Context);
    }

    private static AuthenticateResult Success(string? token, AccessRole role) =>
        AuthenticateResult.Success(new AuthenticationTicket(Caller.Principal(token, role), Name));

    private AuthenticateResult Refuse(string problem, string mend)
    {
        _problem = NoToken with { Detail = problem, Mend = mend };
        return AuthenticateResult.Fail(problem);
    }
}
