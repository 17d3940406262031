using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Lb.Actors;
using Lb.Host.Access;
using Lb.Host.Configuration;

namespace Lb.Host.Commands;

/// <summary><c>token</c>: who may use the API from elsewhere.</summary>
internal static class TokenPalette
{
    private const string Role = "role";
    private const string Expires = "expires";
    private const string Revoked = "revoked";
    private const int LongestName = 32;
    private const string SeeTokens = "token list shows what there is";

    private static readonly ImmutableSortedDictionary<string, AccessRole> Roles =
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
        [
            KeyValuePair.Create("admin", AccessRole.Admin),
            KeyValuePair.Create("operate", AccessRole.Operate),
            KeyValuePair.Create("read", AccessRole.Read),
        ]);

    private static readonly ScalarKind<TimeSpan> Lifetime =
        DurationKinds.Within(TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650));

    private static readonly ArgumentSpec Name = new(
        "name", "Name of the token; it stands in the history for whoever uses it.", Mandatory: true, Positional: true,
        Hints: NamesAsync);

    public static Palette Palette { get; } = new(
        "token",
        "Who may use the API.",
        [
            new Command("add", "Makes a token and shows it, this once.", Changes: true,
            [
                Name with { Hints = null },
                new ArgumentSpec(
                    Role, "What it allows: read, operate or admin.", Mandatory: true, Short: "r",
                    Hints: (_, _) => Task.FromResult<ImmutableArray<string>>([.. Roles.Keys])),
                new ArgumentSpec(
                    Expires, "How long it holds, as in 90d or 12h; without it, until it is revoked.", Short: "e"),
                Arguments.Why,
            ], AddAsync) { Role = AccessRole.Admin },
            new Command("list", "The tokens that there are, without their secrets.", Changes: false,
            [
                new ArgumentSpec(Revoked, "Also those that were revoked.", ArgumentKind.Flag, Short: "a"),
            ], ListAsync) { Role = AccessRole.Admin },
            new Command("revoke", "Takes a token back, at once.", Changes: true, [Name, Arguments.Why], RevokeAsync)
            {
                Role = AccessRole.Admin,
            },
        ]);

    private static async Task<CommandResult> AddAsync(CommandCall call, CancellationToken stop)
    {
        string name = call.Text(Name.Name);
        if (name.Length > LongestName || !char.IsAsciiLetterOrDigit(name.FirstOrDefault())
            || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw CommandFailure.Refused(
                $"\"{name}\" is no name of a token",
                mend: $"write a letter or digit, then letters, digits, \".\", \"-\" and \"_\", {LongestName} in all at most");
        }

        if (!Roles.TryGetValue(call.Text(Role), out AccessRole role))
        {
            throw CommandFailure.Usage(
                $"\"{call.Text(Role)}\" is no role", $"write one of {string.Join(", ", Roles.Keys)}");
        }

        ChangeInfo info = call.Info(ChangeOrigin.Runtime);
        DateTimeOffset? expires = call.Find(Expires) is { } text ? info.When + Time(text) : null;
        BearerToken token = BearerToken.Create();
        await call.Context.AskAsync<TokenBook>(
            new AddToken(new AccessToken(name, token.Id, token.Hash(), role, expires, info)),
            stop,
            SeeTokens);
        return CommandResult.Say(
            $"Token {name} ({call.Text(Role)}, {(expires is { } end ? $"until {end:u}" : "until it is revoked")}) is made. "
            + $"It is not shown again:\n{token.Reveal()}",
            new JsonObject
            {
                ["name"] = name,
                ["role"] = call.Text(Role),
                ["expires"] = expires?.ToString("O", CultureInfo.InvariantCulture),
                ["token"] = token.Reveal(),
            });
    }

    private static async Task<CommandResult> ListAsync(CommandCall call, CancellationToken stop)
    {
        TokenBook book = await call.Context.AskAsync<TokenBook>(new GetTokens(), stop);
        DateTimeOffset now = call.Context.Clock.GetUtcNow();
        return CommandResult.Table(
            "token",
            [
                new("name", "Name"), new("role", "Role"), new("state", "State"), new("id", "Id"),
                new("expires", "Expires"), new("added", "Made"), new("who", "By"), new("from", "From"), new("why", "Why"),
            ],
            [
                .. book.Tokens.Values.Select(token => Row(token, now)),
                .. call.Flag(Revoked) ? book.Revoked.Reverse().Select(token => Row(token, now)) : [],
            ]);
    }

    private static async Task<CommandResult> RevokeAsync(CommandCall call, CancellationToken stop)
    {
        string name = call.Text(Name.Name);
        await call.Context.AskAsync<TokenBook>(new RevokeToken(name, call.Info(ChangeOrigin.Runtime)), stop, SeeTokens);
        return CommandResult.Say($"Token {name} lets nobody in any more.", new JsonObject { ["name"] = name });
    }

    private static ImmutableArray<string> Row(AccessToken token, DateTimeOffset now) =>
    [
        token.Name,
        token.Role.ToString().ToLowerInvariant(),
        token.Revoked is { } end ? $"revoked {end.When:u} by {end.Who} from {end.From}{Reason(end.Why)}"
            : token.HasExpired(now) ? "expired"
            : "holds",
        token.Id,
        token.Expires is { } expires ? $"{expires:u}" : "never",
        $"{token.Added.When:u}",
        token.Added.Who,
        token.Added.From,
        token.Added.Why,
    ];

    private static string Reason(string why) => why.Length == 0 ? "" : $": {why}";

    private static TimeSpan Time(string text)
    {
        Reading<TimeSpan> read = Lifetime.Parse(text);
        return read.Problem is { } problem
            ? throw CommandFailure.Usage($"{Expires}: {problem}; expected {Lifetime.Expected}", Lifetime.Mend)
            : read.Value;
    }

    private static async Task<ImmutableArray<string>> NamesAsync(CommandContext context, CancellationToken stop) =>
        await context.Site.AskAsync(new GetTokens(), stop) is TokenBook book ? [.. book.Tokens.Keys] : [];
}
