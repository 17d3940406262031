using System.Net;
using Lb.Host.Api;
using Microsoft.AspNetCore.Http;

namespace Lb.Host.Access;

/// <summary>
/// Where no token is needed, the API answers to loopback's own names alone: a page in somebody's browser must not reach
/// it by a name that it made point here. From elsewhere a browser does not get in: it has no token to send by itself.
/// </summary>
internal sealed class LocalNames(RequestDelegate next)
{
    private static readonly CommandProblem Unknown = new(
        StatusCodes.Status400BadRequest,
        "host",
        "the API answers here to localhost and to loopback addresses alone",
        "use one of these, or lb.admin.remote");

    public Task InvokeAsync(HttpContext http) =>
        http.Features.Get<ApiListener>() is { Certificate: not null } || IsLocal(http.Request.Host.Host)
            ? next(http)
            : Unknown.ToResult().ExecuteAsync(http);

    private static bool IsLocal(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
