using System.Reflection;

namespace Lb.AkkaApi;

/// <summary>A member.</summary>
/// <param name="Name">Its name, which overloads share.</param>
/// <param name="Text">All of it.</param>
internal sealed record Member(string Name, string Text);

/// <summary>Types and members as text: equal text is equal use in a source.</summary>
internal static class Description
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string KindOf(Type type)
    {
        string kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct"
            : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsAbstract ? "abstract class"
            : type.IsSealed ? "sealed class"
            : "class";
        return kind + string.Concat(type.GetGenericArguments().Select(g => " " + Constraint(g)));
    }

    /// <summary>What a type declares for others, or for classes that derive from it.</summary>
    public static IEnumerable<Member> MembersOf(Type type)
    {
        if (type.BaseType == typeof(MulticastDelegate))
        {
            yield return Of(type.GetMethod("Invoke")!);
            yield break;
        }

        foreach (MemberInfo member in type.GetMembers(Declared))
        {
            if (member is MethodBase { IsPublic: true } or MethodBase { IsFamily: true } or MethodBase
                { IsFamilyOrAssembly: true } && member.Name != "<Clone>$")
            {
                yield return Of((MethodBase)member);
            }
            else if (member is FieldInfo { IsPublic: true } or FieldInfo { IsFamily: true } or FieldInfo
            { IsFamilyOrAssembly: true })
            {
                yield return Of((FieldInfo)member);
            }
        }
    }

    /// <summary>Also what it has from its bases.</summary>
    public static IEnumerable<Member> WithInherited(Type type)
    {
        for (Type? one = type; one is not null && one != typeof(MulticastDelegate); one = one.BaseType)
        {
            foreach (Member member in MembersOf(one))
            {
                yield return member;
            }
        }

        foreach (Member member in type.IsInterface ? type.GetInterfaces().SelectMany(MembersOf) : [])
        {
            yield return member;
        }
    }

    private static Member Of(FieldInfo field)
    {
        string kind = field.IsLiteral ? $"const {field.GetRawConstantValue()} "
            : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        string access = field.IsPublic ? "" : "protected ";
        return new Member(field.Name, $"{access}{kind}{NameOf(field.FieldType)} {field.Name}");
    }

    private static Member Of(MethodBase method)
    {
        string access = (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "");
        string result = method is MethodInfo { ReturnType: { } type } ? NameOf(type) + " " : "";
        string generic = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(Constraint))}>"
            : "";
        string parameters = string.Join(", ", method.GetParameters().Select(Of));
        return new Member(method.Name, $"{access}{result}{method.Name}{generic}({parameters})");
    }

    private static string Of(ParameterInfo parameter)
    {
        string kind = parameter.IsOut ? "out " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        string value = parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "null"}" : "";
        return $"{kind}{NameOf(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private static string Constraint(Type generic)
    {
        GenericParameterAttributes wants =
            generic.GenericParameterAttributes & GenericParameterAttributes.SpecialConstraintMask;
        return string.Join(' ', [generic.Name, .. generic.GetGenericParameterConstraints().Select(NameOf),
            .. wants == GenericParameterAttributes.None ? (string[])[] : [$"{wants}"]]);
    }

    private static string NameOf(Type type) => type switch
    {
        { IsGenericParameter: true } => type.Name,
        { IsArray: true } => NameOf(type.GetElementType()!) + "[]",
        { IsByRef: true } => NameOf(type.GetElementType()!) + "&",
        { IsGenericType: true } =>
            $"{type.Namespace}.{type.Name}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>",
        _ => type.FullName ?? type.Name,
    };
}
