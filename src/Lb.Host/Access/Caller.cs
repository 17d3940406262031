using System.Net;
using System.Security.Claims;
using Lb.Actors;
using Microsoft.AspNetCore.Http;

namespace Lb.Host.Access;

/// <summary>Who asks the API for something.</summary>
/// <param name="Who">
/// Name of the token, and in brackets whom they say they are; without a token, the latter alone.
/// </param>
/// <param name="From">The address they come from.</param>
/// <param name="Role">What they may do.</param>
internal sealed record Caller(string Who, string From, AccessRole Role)
{
    private const string UserHeader = "X-Lb-User";
    private const int LongestUser = 64;
    private const string Scheme = "lb";

    /// <summary>Who sent a request that was let in.</summary>
    public static Caller Of(HttpContext http) => new(
        Name(http.User.FindFirstValue(ClaimTypes.Name), Claimed(http)), Address(http), RoleOf(http.User));

    /// <summary>What somebody may do.</summary>
    public static AccessRole RoleOf(ClaimsPrincipal user) =>
        Enum.TryParse(user.FindFirstValue(ClaimTypes.Role), out AccessRole role) ? role : AccessRole.None;

    /// <summary>Somebody who was let in.</summary>
    /// <param name="token">Name of their token; null for none.</param>
    /// <param name="role">What they may do.</param>
    public static ClaimsPrincipal Principal(string? token, AccessRole role)
    {
        ClaimsIdentity identity = new(Scheme);
        identity.AddClaim(new Claim(ClaimTypes.Role, $"{role}"));
        if (token is not null)
        {
            identity.AddClaim(new Claim(ClaimTypes.Name, token));
        }

        return new ClaimsPrincipal(identity);
    }

    /// <summary>The address that a request comes from.</summary>
    public static string Address(HttpContext http) => http.Connection.RemoteIpAddress switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } mapped => $"{mapped.MapToIPv4()}",
        IPAddress address => $"{address}",
    };

    private static string Name(string? token, string claimed) => token is null ? (claimed.Length > 0 ? claimed : "unknown")
        : claimed.Length > 0 ? $"{token} ({claimed})"
        : token;

    /// <summary>Whom they say they are; nobody has checked it.</summary>
    private static string Claimed(HttpContext http) =>
        new([.. http.Request.Headers[UserHeader].ToString().Where(c => !char.IsControl(c)).Take(LongestUser)]);
}
