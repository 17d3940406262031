using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Lb.Actors;

namespace Lb.Host.Access;

/// <summary>Who may use the API: reading is the least that anything needs; commands say what they need themselves.</summary>
internal static class AccessServices
{
    public static void AddAccess(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<Admission>();
        services.AddSingleton<AuditLog>();
        services.AddSingleton<DenialLog>();
        // Not AddAuthentication: that also makes keys for cookies, in the home of whoever runs the process.
        services.AddWebEncoders();
        services.AddTransient<AccessHandler>();
        services.AddAuthenticationCore(authentication =>
        {
            authentication.DefaultScheme = AccessHandler.Name;
            authentication.AddScheme<AccessHandler>(AccessHandler.Name, null);
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder(AccessHandler.Name)
            .RequireAssertion(context => Caller.RoleOf(context.User) >= AccessRole.Read)
            .Build());
    }

    public static void UseAccess(this WebApplication app)
    {
        app.UseMiddleware<LocalNames>();
        app.UseAuthentication();
        app.UseAuthorization();
    }
}
