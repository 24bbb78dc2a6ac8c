"""Words from which the demonstration makes names. Nobody and no firm of these names is meant; brands are invented."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES: Final = tuple("顾陆钱施沈金季丁管查瞿葛樊严邵仇冒薛缪尤姜印尹卞羌倪汤俞黄吴陈张王徐朱周曹袁蔡")
GIVEN: Final = _words(
    "海宁 文君 立新 思齐 明远 小满 文澜 卫东 青禾 守正 明理 晓峰 雨桐 志远 若溪 建平 秋实 一鸣 素心 永康 "
    "静怡 国栋 春晓 子衿 云舒 长庚 佩兰 振华 清扬 亦凡 书怀 景行 嘉木 知秋 望舒 采薇 安之 怀瑾 锦年 牧之 "
    "德音 微澜 行舟 初阳 砚秋 南乔 疏桐 维桢 既明 弘毅 芷若 允中 方圆 沐阳 佳禾 俊杰 红梅 爱民 学文 玉兰"
)

BRANDS: Final = _words(
    "砚棠 絮岚 枕汀 纨澈 棉笺 栖柚 绒屿 岫锦 檀织 杼禾 缇澜 芷纹 翎棉 漪缎 苎朴 桁布 沅绣 蒲绢 霁麻 荻绫 "
    "榫云 笙帛 汐棉 柘丝 萤被 岑绒 蕙织 璇纱 琅绵 溯布 屿织 澹锦 朔绒 荞被 栎纱 皎绵 阑绣 渚布 溪缎 槿丝"
)
"""Trade names of firms that break the law here, always with one more character of `TAILS`."""
TAILS: Final = tuple("尚诺源语度格坊轩颂序")

MARKS: Final = _words(
    "云岫枕 棠梨雪 栖砚居 汀絮坊 鹭洲眠 江海月白 半亩棉田 听潮枕 素年锦织 濠上眠 狼山晓月 紫琅云锦 江尾春眠 "
    "崇川烟雨 蓼花汀 青墩织语 沙地棉 海角眠 芦雁 圩田谣"
)
"""Invented brands of right holders."""

UNREGISTERED: Final = _words("晚汀 眠小语 棉屿日记 软云铺 织梦湾 枕边屿 暖绒记 青檐 一席禾 宿棉")
"""Signs that nobody has registered."""

RIGHT_HOLDERS: Final = _words(
    "江海拾棉家居股份有限公司 南通云岫枕寝具有限公司 苏中棠梨文化创意有限公司 江苏鹭洲眠家纺科技有限公司 "
    "南通青墩织语设计有限公司 上海听潮居品牌管理有限公司 江苏沙地棉纺织集团有限公司 南通紫琅云锦纺织品有限公司 "
    "杭州半亩棉田电子商务有限公司 南通濠上眠家居用品有限公司"
)

PATTERNS: Final = _words(
    "江潮叠韵 濠河灯影 芦汀秋色 狼山叠翠 蓝印团花 沙地棉桃 渔汛图 海天鹤影 缠枝莲语 四季荷塘 青花冰裂 紫藤架下"
)
"""Titles of textile patterns (works of art)."""

ROADS: Final = _words("云锦路 织里街 棉田路 素纱巷 青墩路 渔汛街 芦汀路 听潮路 圩田路 团花巷")

CHANNELS: Final = {
    "inspection": ("市场巡查", "专业市场日常检查", "双随机抽查", "网络交易监测"),
    "complaint": ("12315平台", "川姜家纺市场工作站", "叠石桥市场工作站", "电商平台投诉转办", "权利人来信"),
    "report": ("12315热线", "网站留言", "匿名来信", "微信公众号举报"),
    "transfer": ("公安机关移送", "检察机关移送", "海关移送", "外省市监部门移送"),
    "assigned": ("省局交办", "市局交办"),
    "request": ("窗口递交", "邮寄递交", "网上递交"),
}
"""How a lead came in, by its source."""

CAMPAIGNS: Final = ("huhang", "shandian", "shuangda")
