using System.Security.Claims;
using System.Text.Encodings.Web;
using Lb.Host.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Lb.Host.Access;

/// <summary>Tells the web server who was let in, and tells those who were not.</summary>
internal sealed class AccessHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    Admission admission,
    DenialLog denials) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "Bearer";

    private CommandProblem? _problem;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        (ClaimsPrincipal? caller, _problem) = await admission.DecideAsync(Context, Context.RequestAborted);
        return caller is null
            ? AuthenticateResult.Fail(_problem.Detail)
            : AuthenticateResult.Success(new AuthenticationTicket(caller, Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        await HandleAuthenticateOnceSafeAsync();
        denials.Tell(Caller.Address(Context), Request.Path, _problem!.Detail);
        if (_problem.Status == StatusCodes.Status401Unauthorized)
        {
            Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer realm=\"lb\"";
        }

        await _problem.ToResult().ExecuteAsync(Context);
    }
}
